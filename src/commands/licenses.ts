import { defineCommand } from "citty";
import { notices } from "../platform/licenses/notices";

export default defineCommand({
  meta: { name: "licenses", description: "Print the license and notice of every library inside." },
  async run() {
    await Bun.write(Bun.stdout, await notices());
  },
});
