/** Swagger UI, as far as it is used here; its package has no types of its own. */
declare module "swagger-ui-dist/swagger-ui-es-bundle.js" {
  interface Options {
    url: string;
    domNode: Element | null;
    /** Whether the address leads to a group and an operation. */
    deepLinking: boolean;
    docExpansion: "none" | "list" | "full";
    /** -1 leaves the list of schemas out. */
    defaultModelsExpandDepth: number;
    tryItOutEnabled: boolean;
    persistAuthorization: boolean;
    /** A service that would be sent the document; null for none. */
    validatorUrl: string | null;
  }
  export default function SwaggerUI(options: Options): void;
}
