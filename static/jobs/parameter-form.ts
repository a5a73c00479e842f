import { type JsonSchema, presentSchema } from "../common/form-schema";

/**
 * The schema as it is drawn: what stands in `given` first, and a name without its underscores. A member that may be left
 * out but cannot be without members of its own is typed as JSON, since a group of fields would ask for those.
 */
export function formSchema(schema: JsonSchema, given: Record<string, unknown>): JsonSchema {
  const properties = Object.entries(schema.properties ?? {}).map(([name, member]) => {
    const isRequired = schema.required?.includes(name) ?? false;
    const drawn = presentSchema(member);
    const { properties: members, ...rest } = drawn;
    const asksForMembers = members !== undefined && !isRequired && (drawn.required?.length ?? 0) > 0;
    const shown = members === undefined || asksForMembers ? rest : formSchema(drawn, recordOf(given[name]));
    return [name, { title: titleOf(name), ...shown }] as const;
  });
  const inOrder = [...properties.filter(([name]) => name in given), ...properties.filter(([name]) => !(name in given))];
  return { ...schema, properties: Object.fromEntries(inOrder) };
}

/** The value without members that nothing was typed for. */
export function withoutEmpty(value: Record<string, unknown>): Record<string, unknown> {
  const members = Object.entries(value).map(([name, member]) => {
    const isGroup = typeof member === "object" && member !== null && !Array.isArray(member);
    return [name, isGroup ? withoutEmpty(member as Record<string, unknown>) : member] as const;
  });
  return Object.fromEntries(members.filter(([, member]) => member !== undefined && !isEmpty(member)));
}

function isEmpty(member: unknown): boolean {
  return typeof member === "object" && member !== null && !Array.isArray(member) && Object.keys(member).length === 0;
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function titleOf(name: string): string {
  const words = name.replaceAll("_", " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
