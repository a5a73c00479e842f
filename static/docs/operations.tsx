import { useEffect, useRef } from "preact/hooks";
import SwaggerUI from "swagger-ui-dist/swagger-ui-es-bundle.js";
import { useStore } from "../common/store";
import { schemeShown } from "../common/theme";

/** The operations of the server, by group, each to be tried out. */
export default function Operations({ url }: { url: string }) {
  const place = useRef<HTMLDivElement>(null);
  const scheme = useStore(schemeShown);
  useEffect(() => {
    SwaggerUI({
      url,
      domNode: place.current,
      deepLinking: true,
      docExpansion: "none",
      defaultModelsExpandDepth: -1,
      tryItOutEnabled: true,
      persistAuthorization: false,
      validatorUrl: null,
    });
  }, []);
  useEffect(() => {
    document.documentElement.classList.toggle("dark-mode", scheme === "dark");
  }, [scheme]);
  return <div ref={place} />;
}
