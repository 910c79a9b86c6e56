"""What can be changed in a C file so that a decision goes the other way, and the file with all these
changes in it, each waiting for its number.

Conditions are found in clang's syntax tree. A change costs no build of its own: a condition `a < b`
becomes `(MUTANT(7) ^ !!(a < b))`, and MUTANT(7) is 1 only in a process that was started with MUTANT=7
in its environment. It also notes that it was asked, so that what no test reaches need not be run.
"""

import json
import os
import subprocess
from collections import defaultdict
from dataclasses import dataclass

COMPARISONS = {"<", "<=", ">", ">=", "==", "!="}
BOUNDARY = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
JUNCTION = {"&&": "||", "||": "&&"}
BORDER_ON_LEFT = {"<=", ">"}  # a <= b with 1 added to a is a < b; a < b with 1 added to b is a <= b
NOT_RUN = {"ConstantExpr", "StaticAssertDecl", "UnaryExprOrTypeTraitExpr"}
TRANSPARENT = {"ImplicitCastExpr", "ParenExpr", "ConstantExpr"}
ASSERTIONS = {"assert", "static_assert"}
# Where the condition stands among a statement's parts.
CONDITION_AT = {"IfStmt": 0, "WhileStmt": 0, "DoStmt": 1, "ForStmt": 2, "ConditionalOperator": 0}

HEAD = "extern int mutant_asked(int number);\n#define MUTANT(number) mutant_asked(number)\n#line 1\n"

# Appended to a file that every program has.
SWITCH = """
#include <stdio.h>
#include <stdlib.h>
extern int mutant_asked(int number);
static int mutant_number = -1;
static unsigned char mutant_seen[MUTANTS];
static void mutant_report(void)
{
    FILE *const file = fopen(getenv("MUTANT_SEEN"), "a");
    for (int i = 0; file != NULL && i < MUTANTS; i++) {
        if (mutant_seen[i]) {
            fprintf(file, "%d\\n", i);
        }
    }
    if (file != NULL) {
        fclose(file);
    }
}
static void __attribute__((constructor)) mutant_start(void)
{
    if (getenv("MUTANT") != NULL) {
        mutant_number = atoi(getenv("MUTANT"));
    }
    if (getenv("MUTANT_SEEN") != NULL) {
        atexit(mutant_report);
    }
}
int mutant_asked(int number)
{
    mutant_seen[number] = 1;
    return mutant_number == number;
}
"""


@dataclass(frozen=True)
class Mutant:
    number: int
    path: str
    line: int
    change: str  # "negated: `a < b`"


def place(location, is_end):
    """(offset, macro's offset or None, macro's name length) of one end of a range."""
    expansion = location.get("expansionLoc")
    spot = expansion or location
    return spot["offset"] + (spot["tokLen"] if is_end else 0), spot["offset"] if expansion else None


class Seeder:
    """Collects the mutants of one file, and what must be written where."""

    def __init__(self, root, path, first_number):
        self.path = path
        self.source = (root / path).read_bytes()
        self.next_number = first_number
        self.mutants = []
        self.before = defaultdict(list)  # offset: texts; the outer condition's come first
        self.after = defaultdict(list)  # offset: texts; the inner condition's come first
        for node in self._tree(root).get("inner", []):
            if node["kind"] == "FunctionDecl" and "includedFrom" not in node["loc"]:
                for part in node.get("inner", []):
                    if part["kind"] == "CompoundStmt":
                        self._walk(part)

    def _tree(self, root):
        command = ["clang", "-std=c17", "-x", "c", "-w", "-I.", "-Xclang", "-ast-dump=json", "-fsyntax-only", self.path]
        # ccache gives clang a preprocessed file, whose offsets are others
        environment = dict(os.environ, CCACHE_DISABLE="1")
        done = subprocess.run(command, cwd=root, env=environment, check=True, capture_output=True)
        return json.loads(done.stdout)

    # --- places ---

    def _range(self, node):
        """(begin, end) in the source; None inside of a macro."""
        if "offset" not in str(node["range"]["begin"]):
            return None
        begin, begin_macro = place(node["range"]["begin"], False)
        end, end_macro = place(node["range"]["end"], True)
        if end_macro is not None and self.source[end:end + 1] == b"(":
            end = self._closing(end)
        text = self.source[begin:end]
        name = text.split(b"(")[0].decode()
        if end <= begin or name in ASSERTIONS or text.count(b"(") != text.count(b")"):
            return None
        self._is_macro = begin_macro is not None and begin_macro == end_macro
        return begin, end

    def _closing(self, at):
        depth = 0
        while True:
            depth += {b"(": 1, b")": -1}.get(self.source[at:at + 1], 0)
            at += 1
            if depth == 0:
                return at

    def _text(self, begin, end):
        return " ".join(self.source[begin:end].decode().split())

    # --- mutants ---

    def _new(self, begin, change):
        line = self.source.count(b"\n", 0, begin) + 1
        number = self.next_number
        self.next_number += 1
        self.mutants.append(Mutant(number, self.path, line, change))
        return number

    def _wrap(self, begin, end, prefix, suffix):
        self.before[begin].append(prefix)
        self.after[end].insert(0, suffix)

    def _negate(self, node):
        where = self._range(node)
        if where is not None:
            number = self._new(where[0], f"negated: `{self._text(*where)}`")
            self._wrap(*where, f"(MUTANT({number}) ^ !!(", "))")

    def _shift_boundary(self, node):
        operator = node["opcode"]
        where = self._range(node)
        side = self._range(node["inner"][0 if operator in BORDER_ON_LEFT else 1])
        if where is None or side is None:
            return
        number = self._new(where[0], f"`{operator}` becomes `{BOUNDARY[operator]}`: `{self._text(*where)}`")
        self._wrap(*side, "((", f") + MUTANT({number}))")

    def _swap_junction(self, node):
        """a && b is !(!a || !b): negating the parts and the whole swaps them."""
        where = self._range(node)
        sides = [self._range(side) for side in node["inner"]]
        if where is None or None in sides:
            return
        operator = node["opcode"]
        number = self._new(where[0], f"`{operator}` becomes `{JUNCTION[operator]}`: `{self._text(*where)}`")
        self._wrap(*where, f"(MUTANT({number}) ^ (", "))")
        for side in sides:
            self._wrap(*side, f"(MUTANT({number}) ^ !!(", "))")

    # --- the tree ---

    def _bare(self, node):
        while node["kind"] in TRANSPARENT:
            node = node["inner"][0]
        return node

    def _condition(self, node):
        node = self._bare(node)
        kind, operator = node["kind"], node.get("opcode")
        if kind == "IntegerLiteral" or not node:
            return
        if kind == "BinaryOperator" and (operator in JUNCTION or operator in COMPARISONS):
            self._walk(node)
        elif kind == "UnaryOperator" and operator == "!":
            self._condition(node["inner"][0])
        else:
            self._negate(node)
            self._walk_parts(node)

    def _walk_parts(self, node):
        if node.get("range") and self._range(node) is not None and self._is_macro:
            return
        for part in node.get("inner", []):
            self._walk(part)

    def _walk(self, node):
        kind, operator = node.get("kind"), node.get("opcode")
        if kind is None or kind in NOT_RUN or (kind == "VarDecl" and node.get("storageClass") == "static"):
            return
        if node.get("range") and "offset" in str(node["range"]["begin"]) and self._in_assertion(node):
            return
        if kind in CONDITION_AT:
            at = CONDITION_AT[kind]
            for i, part in enumerate(node["inner"]):
                if i == at and part:
                    self._condition(part)
                else:
                    self._walk(part)
        elif kind == "BinaryOperator" and operator in JUNCTION:
            self._swap_junction(node)
            for side in node["inner"]:
                self._condition(side)
        elif kind == "BinaryOperator" and operator in COMPARISONS:
            self._negate(node)
            if operator in BOUNDARY:
                self._shift_boundary(node)
            self._walk_parts(node)
        elif kind == "UnaryOperator" and operator == "!":
            self._condition(node["inner"][0])
        else:
            self._walk_parts(node)

    def _in_assertion(self, node):
        begin, macro = place(node["range"]["begin"], False)
        return macro is not None and any(self.source.startswith(f"{name}(".encode(), begin) for name in ASSERTIONS)

    def seeded(self):
        """The file with all its mutants in it."""
        out, at = [HEAD], 0
        for offset in sorted(set(self.before) | set(self.after)):
            out += [self.source[at:offset].decode(), *self.after[offset], *self.before[offset]]
            at = offset
        return "".join([*out, self.source[at:].decode()])
