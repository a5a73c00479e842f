import { z } from "zod";

/** A schema of JSON Schema 2020-12, as OpenAPI 3.1 takes it. */
export type JsonSchema = Record<string, unknown>;

/** Whether a schema is described as what a caller sends or as what the server answers. */
export type Direction = "input" | "output";

/** Schemas that stand in the document under a name. */
export type Schemas = Record<string, JsonSchema>;

export interface Components {
  schemas: Schemas;
  /** Puts a schema under that name. @throws Error where another schema has it. */
  add(name: string, schema: JsonSchema): void;
}

const PLACE = "#/components/schemas/";

/** No schemas yet. */
export function noComponents(): Components {
  const schemas: Schemas = {};
  return {
    schemas,
    add(name, schema) {
      const known = schemas[name];
      if (known !== undefined && !Bun.deepEquals(known, schema)) {
        throw new Error(`Two schemas of the API are called ${name}. Give one of them another id.`);
      }
      schemas[name] = schema;
    },
  };
}

/** Points at the schema of that name. */
export function referenceTo(name: string): JsonSchema {
  return { $ref: PLACE + name };
}

/** The schema that such a reference points at. */
export function find(reference: string, schemas: Schemas): JsonSchema {
  return schemas[reference.slice(PLACE.length)] ?? {};
}

/**
 * The JSON Schema of a zod schema, fit to stand inside an OpenAPI document: what it refers to, itself too where it is
 * recursive, becomes a component. One with an id (`.meta({ id })`) is called by it, any other by `name` and a number.
 */
export function describeSchema(schema: z.ZodType, io: Direction, name: string, components: Components): JsonSchema {
  const {
    $schema: _dialect,
    $defs = {},
    ...root
  } = z.toJSONSchema(schema, {
    io,
    unrepresentable: "any",
    override: keepExamples,
  });
  const definitions = Object.entries($defs);
  const names = new Map(definitions.map(([key], i) => [`#/$defs/${key}`, key.startsWith("__") ? name + (i + 1) : key]));
  names.set("#", name);
  let isRecursive = false;
  const relocated = (part: JsonSchema) =>
    withReferences(part, (reference) => {
      isRecursive ||= reference === "#";
      return PLACE + names.get(reference);
    });
  for (const [key, { id: _id, ...definition }] of definitions) {
    components.add(names.get(`#/$defs/${key}`)!, relocated(definition));
  }
  const described = relocated(root);
  if (!isRecursive) return described;
  components.add(name, described);
  return referenceTo(name);
}

/** Describes the schema as a component and gives the name under which it then stands: its own id, else `name`. */
export function addSchema(schema: z.ZodType, io: Direction, name: string, components: Components): string {
  const described = describeSchema(schema, io, name, components);
  if (typeof described["$ref"] === "string") return described["$ref"].slice(PLACE.length);
  components.add(name, described);
  return name;
}

/** The part with each `$ref` in it as `rename` has it. */
function withReferences(part: JsonSchema, rename: (reference: string) => string): JsonSchema {
  return JSON.parse(JSON.stringify(part), (key, value) =>
    key === "$ref" && typeof value === "string" ? rename(value) : value,
  );
}

/** Zod takes examples for those of the output, and leaves them out of an input that is transformed; ours are what is sent. */
function keepExamples({ zodSchema, jsonSchema }: { zodSchema: z.core.$ZodType; jsonSchema: JsonSchema }): void {
  const examples = z.globalRegistry.get(zodSchema)?.["examples"];
  if (examples !== undefined) jsonSchema["examples"] = examples;
}

/** The members of an object; those of a union of objects are all its members, required where each of them asks for it. */
export function membersOf(schema: JsonSchema): { properties: Record<string, JsonSchema>; required: string[] } {
  const options = (schema["anyOf"] ?? schema["oneOf"]) as JsonSchema[] | undefined;
  if (options === undefined) {
    const { properties = {}, required = [] } = schema as Partial<ReturnType<typeof membersOf>>;
    return { properties, required };
  }
  const each = options.map(membersOf);
  const names = [...new Set(each.flatMap(({ properties }) => Object.keys(properties)))];
  return {
    properties: Object.fromEntries(names.map((name) => [name, oneOf(each.map(({ properties }) => properties[name]))])),
    required: names.filter((name) => each.every(({ required }) => required.includes(name))),
  };
}

function oneOf(schemas: (JsonSchema | undefined)[]): JsonSchema {
  const present = schemas.filter((schema) => schema !== undefined);
  const different = present.filter((schema, i) => present.findIndex((other) => Bun.deepEquals(other, schema)) === i);
  return different.length === 1 ? different[0]! : { anyOf: different };
}
