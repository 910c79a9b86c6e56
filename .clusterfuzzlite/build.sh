#!/bin/bash
# Builds every fuzz target into $OUT, with its seeds, dictionary and options. ClusterFuzzLite and OSS-Fuzz
# run this in the source tree and say in the environment with which compiler, flags and engine:
# CC CXX CFLAGS CXXFLAGS LIB_FUZZING_ENGINE OUT WORK. `./dev clusterfuzz` plays their part.
set -eu

build=${WORK:-/tmp}/build-faultzone
rm -rf "$build"

# What a target needs comes with it, and what that needs (hence no new dtags): other libraries are linked statically where there is an archive…
LDFLAGS="${LDFLAGS:-} -Wl,--disable-new-dtags,-rpath,\$ORIGIN/lib" meson setup "$build" --buildtype=plain \
  -Dfuzzing=true -Dfuzzing_engine="$LIB_FUZZING_ENGINE" -Dtests=disabled -Dbench=disabled \
  -Dwerror=false -Db_lundef=false -Dprefer_static=true
ninja -C "$build" fuzz

mkdir -p "$OUT/lib"
for zip in "$build"/fuzz/fuzz_*_seed_corpus.zip; do
  name=$(basename "$zip" _seed_corpus.zip)
  cp "$build/fuzz/$name" "$zip" "$OUT"
  cp .clusterfuzzlite/libfuzzer.options "$OUT/$name.options"
  [ ! -e "fuzz/dictionaries/${name#fuzz_}.dict" ] || cp "fuzz/dictionaries/${name#fuzz_}.dict" "$OUT/$name.dict"

  # … and where there is none, the library lies in $OUT/lib. Those of the C and C++ runtime are in every image.
  ldd "$OUT/$name" | awk '$2 == "=>" { print $3 }' | while read -r library; do
    case ${library##*/} in
    libc.so* | libm.so* | libdl.so* | librt.so* | libpthread.so* | libresolv.so* | libgcc_s.so* | libstdc++.so*) ;;
    *) cp -L "$library" "$OUT/lib" ;;
    esac
  done
done
