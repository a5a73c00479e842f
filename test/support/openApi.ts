import { Validator } from "@seriousme/openapi-schema-validator";
import Ajv from "ajv/dist/2020";
import type { ApiDocument } from "../../src/platform/http/api/document";
import type { JsonSchema } from "../../src/platform/http/api/schemas";

/** What OpenAPI's own schema of documents, and JSON Schema's of schemas, find wrong. */
export async function documentFaults(document: ApiDocument): Promise<string[]> {
  // As it goes over the wire: members that are undefined are not there.
  const sent = JSON.parse(JSON.stringify(document));
  const { valid, errors } = await new Validator().validate(sent);
  const ajv = new Ajv({ strict: false });
  const schemas = schemasIn(sent).filter(({ schema }) => !ajv.validateSchema(schema));
  return [
    ...(valid ? [] : [errors].flat().map((error) => JSON.stringify(error))),
    ...schemas.map(({ place }) => `${place} is no JSON Schema`),
  ];
}

function schemasIn(document: ApiDocument): { place: string; schema: JsonSchema }[] {
  const components = Object.entries(document.components.schemas).map(([place, schema]) => ({ place, schema }));
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ place: `${method} ${path}`, operation })),
  );
  return operations
    .flatMap(({ place, operation: { parameters = [], requestBody } }) => [
      ...parameters.map(({ name, schema }) => ({ place: `${place} ${name}`, schema })),
      ...Object.values(requestBody?.content ?? {}).map(({ schema }) => ({ place: `${place} body`, schema })),
    ])
    .concat(components);
}

/** Checks values by schemas of that document; gives what is wrong, nothing when the value is as described. */
export function schemaChecker(document: ApiDocument): (value: unknown, schema: JsonSchema) => string[] {
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  const checks = new Map<JsonSchema, ReturnType<typeof ajv.compile>>();
  return (value, schema) => {
    const check = checks.get(schema) ?? ajv.compile({ components: document.components, ...schema });
    checks.set(schema, check);
    return check(value)
      ? []
      : (check.errors ?? []).map(({ instancePath, message }) => `${instancePath || "/"} ${message}`);
  };
}
