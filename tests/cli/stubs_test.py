"""The resolver as real stubs see it: dig, delv, glibc, c-ares (in Node.js), dnspython, and Java's, each asked
for an address, for text behind an alias, for text that needs TCP, for a name that does not exist, and for one
whose servers fail."""

import re
import tempfile
import unittest
from pathlib import Path

import inside
from inside import PYTHON, Inside, needs, run

LONG = "0123456789" * 20
SCENARIO = f"""\
scenario: what stubs ask for
zones:
  esp.example:
    records: |
      k1.dkim 300 TXT "v=DKIM1; k=rsa; p=short"
      k2.dkim 300 TXT "{LONG}" "{LONG}" "{LONG}" "{LONG}" "{LONG}" "{LONG}" "{LONG}"
  customer.example:
    records: |
      k1._domainkey 300 CNAME k1.dkim.esp.example.
      k2._domainkey 300 CNAME k2.dkim.esp.example.
      www 300 A 192.0.2.10
  broken.example:
    rcode: SERVFAIL
    records: |
      www 300 A 192.0.2.11
steps:
  - lookup: www.customer.example A
"""

WWW, NOBODY, BROKEN = "www.customer.example", "nobody.customer.example", "www.broken.example"
KEY, LONG_KEY = "k1._domainkey.customer.example", "k2._domainkey.customer.example"
TEXT = "v=DKIM1; k=rsa; p=short"

NODE = """\
require("dns").resolve(process.argv[1], process.argv[2], (error, records) =>
    console.log(error ? error.code : records.flat().join(",")));
"""

PYTHON_STUB = """\
import sys, dns.exception, dns.rdatatype, dns.resolver
try:
    found = dns.resolver.resolve(sys.argv[1], sys.argv[2])[0]
    print(b"".join(found.strings).decode() if found.rdtype == dns.rdatatype.TXT else found)
except dns.exception.DNSException as error:
    print(type(error).__name__)
"""

JAVA = """\
import java.util.Hashtable;
import javax.naming.NamingException;
import javax.naming.directory.InitialDirContext;

public class Ask {
    public static void main(String[] arguments) throws Exception {
        Hashtable<String, String> how = new Hashtable<>();
        how.put("java.naming.factory.initial", "com.sun.jndi.dns.DnsContextFactory");
        how.put("java.naming.provider.url", "dns://127.0.0.1");
        for (int i = 0; i < arguments.length; i += 2) {
            try {
                String[] types = {arguments[i + 1]};
                System.out.println(new InitialDirContext(how).getAttributes(arguments[i], types).get(types[0]).get());
            } catch (NamingException error) {
                System.out.println(error.getClass().getSimpleName());
            }
        }
    }
}
"""


def unquoted(text):
    return re.sub(r'"\s+"|^"|"$', "", text)


class Stubs(Inside):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.scenario = self.folder / "stubs.yaml"
        self.scenario.write_text(SCENARIO, encoding="utf-8")

    def ask(self, *command):
        return run("exec", self.scenario, "--", *command).stdout.rstrip("\n")

    @needs("dig", "bind9-dnsutils")
    def test_dig(self):
        def dig(*words):
            return self.ask("dig", *words)

        self.assertEqual(dig("+short", WWW, "A"), "192.0.2.10")
        self.assertEqual(dig("+short", KEY, "TXT").split("\n")[1], f'"{TEXT}"')
        self.assertEqual(unquoted(dig("+short", LONG_KEY, "TXT").split("\n")[1]), LONG * 7)
        self.assertIn("status: NXDOMAIN", dig(NOBODY))
        failed = dig(BROKEN)
        self.assertIn("status: SERVFAIL", failed)
        self.assertIn("; EDE: ", failed)
        for word in ("+tcp", "+noedns", "+bufsize=512", "+dnssec", "+cookie", "+nsid", "+subnet=192.0.2.0/24"):
            self.assertEqual(dig("+short", word, WWW, "A"), "192.0.2.10", word)

    @needs("delv", "bind9-dnsutils")
    def test_delv(self):
        self.assertEqual(self.ask("delv", "-i", "+short", WWW, "A"), "192.0.2.10")
        self.assertIn(TEXT, self.ask("delv", "-i", KEY, "TXT"))
        self.assertIn(LONG * 7, re.sub(r'"\s+"', "", self.ask("delv", "-i", LONG_KEY, "TXT")))
        self.assertIn("ncache nxdomain", run("exec", self.scenario, "--", "delv", "-i", NOBODY).stderr
                      + self.ask("delv", "-i", NOBODY))

    @needs("getent", "libc-bin")
    def test_glibc(self):
        self.assertEqual(self.ask("getent", "ahostsv4", WWW).split()[0], "192.0.2.10")
        for name in (NOBODY, BROKEN):
            self.assertEqual(run("exec", self.scenario, "--", "getent", "ahostsv4", name).returncode, 2, name)

    @needs("node", "nodejs")
    def test_c_ares(self):
        def node(name, rrtype):
            return self.ask("node", "-e", NODE, name, rrtype)

        self.assertEqual(node(WWW, "A"), "192.0.2.10")
        self.assertEqual(node(KEY, "TXT"), TEXT)
        self.assertEqual(node(LONG_KEY, "TXT").replace(",", ""), LONG * 7)
        self.assertEqual(node(NOBODY, "A"), "ENOTFOUND")
        self.assertEqual(node(BROKEN, "A"), "ESERVFAIL")

    def test_dnspython(self):
        if run("exec", self.scenario, "--", PYTHON, "-c", "import dns").returncode != 0:
            self.skipTest("dnspython is not installed (apt-get install python3-dnspython)")

        def ask(name, rrtype):
            return self.ask(PYTHON, "-c", PYTHON_STUB, name, rrtype)

        self.assertEqual(ask(WWW, "A"), "192.0.2.10")
        self.assertEqual(ask(KEY, "TXT"), TEXT)
        self.assertEqual(ask(LONG_KEY, "TXT"), LONG * 7)
        self.assertEqual(ask(NOBODY, "A"), "NXDOMAIN")
        self.assertEqual(ask(BROKEN, "A"), "NoNameservers")

    @needs("java", "default-jdk-headless")
    def test_java(self):
        source = self.folder / "Ask.java"
        source.write_text(JAVA, encoding="utf-8")
        said = self.ask("java", source, WWW, "A", KEY, "TXT", LONG_KEY, "TXT", NOBODY, "A", BROKEN, "A").split("\n")
        self.assertEqual(said[:2], ["192.0.2.10", f'"{TEXT}"'])
        self.assertEqual(re.sub(r'[" ]', "", said[2]), LONG * 7)
        self.assertEqual(said[3:], ["NameNotFoundException", "ServiceUnavailableException"])


if __name__ == "__main__":
    inside.main()
