import { defineCommand } from "citty";
import { checkModel, faultText } from "../systems/epistemix";
import { modelFiles } from "./modelFiles";

const MODEL = { type: "positional", description: "The main .fred file of the model", required: true } as const;

const check = defineCommand({
  meta: { name: "check", description: "Say what is wrong with a model, without running it." },
  args: { model: MODEL },
  async run({ args }) {
    const faults = checkModel(await modelFiles(args.model));
    for (const fault of faults) process.stderr.write(faultText(fault));
    if (faults.length > 0) return 1;
    await Bun.write(Bun.stdout, `${args.model} can be run\n`);
    return 0;
  },
});

export default defineCommand({
  meta: { name: "epistemix", description: "Epidemic models in the FRED language." },
  subCommands: { check },
});
