// Will a DKIM verifier find the key? Exit status 0: verified, 1: declined, 4: ask again later.
const { resolve4, resolveCname, resolveTxt } = require("node:dns").promises;
const [name, target] = process.argv.slice(2);

const absent = (error) => error.code === "ENODATA" || error.code === "ENOTFOUND";
const orNothing = (asked) => asked.catch((error) => (absent(error) ? [] : Promise.reject(error)));

async function check() {
  const [alias] = await orNothing(resolveCname(name));
  const texts = await orNothing(resolveTxt(name)); // what a verifier asks for
  if (alias === target && texts.length > 0) return 0;
  if (alias === undefined && (await orNothing(resolve4(name))).length > 0) {
    console.error("Addresses instead of the alias: set the record's proxy status to DNS only.");
  }
  return 1;
}

check().then(process.exit, () => process.exit(4));
