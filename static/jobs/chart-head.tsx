/** What a drawing shows, and in which unit. */
export function ChartHead({ title, unit }: { title: string; unit: string }) {
  return (
    <figcaption class="chart-head">
      <h2>
        {title}
        <span class="unit">{unit}</span>
      </h2>
    </figcaption>
  );
}
