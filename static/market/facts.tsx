import type { ComponentChildren } from "preact";

export type FactLine = readonly [what: string, value: ComponentChildren];

/** What is known of something, line by line; texts from outside are kept from turning their surroundings. */
export function Facts({ lines }: { lines: readonly FactLine[] }) {
  return (
    <dl class="facts">
      {lines.map(([what, value]) => (
        <div key={what}>
          <dt>{what}</dt>
          <dd>
            <bdi>{value}</bdi>
          </dd>
        </div>
      ))}
    </dl>
  );
}
