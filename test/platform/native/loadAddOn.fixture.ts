import { loadAddOn, type PackedAddOn } from "../../../src/platform/native/addOn";

/** Run as a process of its own: loads the add-on described by the first argument, trying the folders of the others. */
const [described, ...folders] = process.argv.slice(2);
try {
  const exported = loadAddOn(JSON.parse(described!) as PackedAddOn, folders);
  process.stdout.write(Object.keys(exported as object).join(" "));
} catch (error) {
  process.stderr.write((error as Error).message);
  process.exitCode = 3;
}
