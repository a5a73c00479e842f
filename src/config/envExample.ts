import { settingEntries } from "./load";

/** The text of `.env.example`: every setting with its meaning, unit, aliases and default, commented out. */
export function envExample(): string {
  const blocks = settingEntries.map(([name, setting]) => {
    const unit = setting.unit === undefined ? "" : ` [${setting.unit}]`;
    const aliases = setting.aliases === undefined ? "" : `\n# Also read as: ${setting.aliases.join(", ")}.`;
    return `# ${setting.meaning}${unit}${aliases}\n#${name}=${setting.default ?? ""}`;
  });
  return `# Settings of Foresight. Flags win over the environment, the environment over this file.\n\n${blocks.join("\n\n")}\n`;
}

if (import.meta.main) await Bun.write(new URL("../../.env.example", import.meta.url), envExample());
