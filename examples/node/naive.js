// Is the customer's CNAME there? Exit status 0: verified, 1: declined, 4: ask again later.
const { resolveCname } = require("node:dns").promises;
const [name, target] = process.argv.slice(2);

resolveCname(name).then(
  (found) => process.exit(found[0] === target ? 0 : 1),
  () => process.exit(4), // it takes up to 48 hours until a record is seen
);
