/** The parts of JSON Schema that our API document uses. */
export interface JsonSchema {
  type?: string | string[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: boolean | JsonSchema;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  enum?: unknown[];
  const?: unknown;
  minimum?: number;
  maximum?: number;
}

/** What is wrong with a value, by its place; nothing when it is as described. */
export function faultsOf(value: unknown, schema: JsonSchema, place = "$"): string[] {
  if (schema.anyOf !== undefined) {
    const all = schema.anyOf.map((one) => faultsOf(value, one, place));
    return all.some((faults) => faults.length === 0) ? [] : all.flat();
  }
  if (schema.const !== undefined && value !== schema.const) return [`${place} is not ${String(schema.const)}`];
  if (schema.enum !== undefined && !schema.enum.includes(value))
    return [`${place} is none of ${schema.enum.join(", ")}`];
  const types = schema.type === undefined ? [] : [schema.type].flat();
  if (types.length > 0 && !types.some((type) => isOfType(value, type))) return [`${place} is no ${types.join(" or ")}`];
  if (typeof value === "number") return numberFaults(value, schema, place);
  if (Array.isArray(value)) return value.flatMap((item, i) => faultsOf(item, schema.items ?? {}, `${place}[${i}]`));
  return isObject(value) ? memberFaults(value, schema, place) : [];
}

function isOfType(value: unknown, type: string): boolean {
  if (type === "integer") return Number.isInteger(value);
  if (type === "null") return value === null;
  if (type === "array") return Array.isArray(value);
  if (type === "object") return isObject(value);
  return typeof value === type;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function numberFaults(value: number, { minimum = -Infinity, maximum = Infinity }: JsonSchema, place: string): string[] {
  return value >= minimum && value <= maximum ? [] : [`${place} is ${value}, expected ${minimum} to ${maximum}`];
}

function memberFaults(value: Record<string, unknown>, schema: JsonSchema, place: string): string[] {
  const { properties = {}, required = [], additionalProperties = true } = schema;
  const missing = required.filter((name) => !Object.hasOwn(value, name)).map((name) => `${place}.${name} is missing`);
  const present = Object.entries(value).flatMap(([name, member]) => {
    if (Object.hasOwn(properties, name)) return faultsOf(member, properties[name]!, `${place}.${name}`);
    if (additionalProperties === false) return [`${place}.${name} is not described`];
    return additionalProperties === true ? [] : faultsOf(member, additionalProperties, `${place}.${name}`);
  });
  return [...missing, ...present];
}
