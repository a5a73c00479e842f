import { render } from "preact";
import { Boundary } from "../common/boundary";
import { lazy } from "../common/lazy";
import { ThemeButton } from "../common/theme-button";

const Operations = lazy(() => import("./operations"));

/** The document lies beside the page, wherever that is: a system's own description stands below a path. */
const DOCUMENT_URL = location.pathname.replace(/\/[^/]*\/?$/, "/openapi.json");

// The shell asks for what only the main port answers; this page stands on a system's own port too.
document.title = "API · Foresight";
render(<ApiPage />, document.getElementById("app")!);

function ApiPage() {
  return (
    <>
      <header class="api-head">
        <h1>API</h1>
        <a href="/">Back to Foresight</a>
        <a href={DOCUMENT_URL}>OpenAPI file</a>
        <ThemeButton />
        {/* The headings of Swagger UI are of the third level. */}
        <h2 class="spoken">Operations by group</h2>
      </header>
      {/* Swagger UI brings the page's `main`. */}
      <div class="api-body">
        <Boundary where="The API page">
          <Operations url={DOCUMENT_URL} />
        </Boundary>
      </div>
    </>
  );
}
