"""unittest's results as TAP, which Meson reads."""

import os
import signal
import sys
import unittest


class Tap(unittest.TextTestResult):
    def __init__(self, stream, descriptions, verbosity):
        super().__init__(stream, descriptions, 0)
        self.number = 0

    def tell(self, outcome, test, details=""):
        self.number += 1
        print(f"{outcome} {self.number} - {test.id().removeprefix('__main__.')}{details}")

    def addSuccess(self, test):
        self.tell("ok", test)

    def addSkip(self, test, reason):
        self.tell("ok", test, f" # SKIP {reason}")

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.tell("not ok", test)
        print("# " + self.failures[-1][1].replace("\n", "\n# "))

    def addError(self, test, err):
        super().addError(test, err)
        self.tell("not ok", test)
        print("# " + self.errors[-1][1].replace("\n", "\n# "))

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self.tell("not ok", subtest)
            print("# " + str(err[1]).replace("\n", "\n# "))

    def printErrors(self):
        pass


def main(names):
    """Runs the tests of the main module, or those named, and ends the program."""
    # A shell starts what it runs in the background with these ignored, and children inherit it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGQUIT, signal.SIG_DFL)
    loader = unittest.defaultTestLoader
    module = sys.modules["__main__"]
    suite = loader.loadTestsFromNames(names, module) if names else loader.loadTestsFromModule(module)
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        result = unittest.TextTestRunner(stream=nowhere, resultclass=Tap).run(suite)
    print(f"1..{result.number}")
    sys.exit(not result.wasSuccessful())
