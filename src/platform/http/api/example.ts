import { find, type JsonSchema, type Schemas } from "./schemas";

/** What stands for a text of which the schema tells nothing else. */
export const NAMELESS_TEXT = "text";

/** Texts of the formats that our schemas have. */
const FORMATS: Record<string, string> = {
  date: "2025-09-09",
  "date-time": "2025-09-09T12:00:00Z",
  uri: "https://example.org/data.csv",
  uuid: "0198f1c2-7d3a-7c55-9e21-3f6d5b8a9c10",
};

interface Keywords {
  type?: string | string[];
  examples?: unknown[];
  const?: unknown;
  default?: unknown;
  enum?: unknown[];
  anyOf?: Keywords[];
  oneOf?: Keywords[];
  $ref?: string;
  format?: string;
  minimum?: number;
  items?: Keywords;
  minItems?: number;
  properties?: Record<string, Keywords>;
  propertyNames?: Keywords;
  additionalProperties?: Keywords | boolean;
}

/**
 * A value that fits the schema: its own example, else one that is made of the examples of its parts.
 * @param schemas where each `$ref` leads.
 */
export function exampleOf(schema: JsonSchema, schemas: Schemas): unknown {
  return example(schema, schemas, []);
}

/** @param within the references that are being followed; one that comes back to itself gives undefined. */
function example(schema: Keywords, schemas: Schemas, within: readonly string[]): unknown {
  const part = (inner: Keywords) => example(inner, schemas, within);
  const { $ref, anyOf, oneOf = anyOf } = schema;
  const [own] = [schema.const, schema.default, ...(schema.enum ?? [])].filter((value) => value !== undefined);
  if (schema.examples !== undefined) return schema.examples[0];
  if (own !== undefined) return own;
  if ($ref !== undefined) {
    return within.includes($ref) ? undefined : example(find($ref, schemas), schemas, [...within, $ref]);
  }
  if (oneOf === undefined) return exampleOfType(schema, part);
  const options = oneOf.map(part).filter((value) => value !== undefined);
  return options.find((value) => value !== null) ?? options[0];
}

function exampleOfType(schema: Keywords, part: (inner: Keywords) => unknown): unknown {
  const { type, format = "", minimum = 0, items = {}, minItems = 1 } = schema;
  switch ([type].flat().find((one) => one !== "null")) {
    case "string":
      return FORMATS[format] ?? NAMELESS_TEXT;
    case "integer":
    case "number":
      return minimum;
    case "boolean":
      return true;
    case "array":
      return Array.from({ length: minItems }, () => part(items)).filter((item) => item !== undefined);
    case "object":
      return exampleOfObject(schema, part);
    default:
      return null;
  }
}

function exampleOfObject(schema: Keywords, part: (inner: Keywords) => unknown): Record<string, unknown> {
  const { properties, propertyNames = {}, additionalProperties: rest } = schema;
  const isRecord = properties === undefined && typeof rest === "object";
  const members = isRecord
    ? [[part({ type: "string", ...propertyNames }), part(rest)]]
    : Object.entries(properties ?? {}).map(([name, member]) => [name, part(member)]);
  return Object.fromEntries(members.filter(([, value]) => value !== undefined));
}
