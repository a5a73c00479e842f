import type { Fitted } from "../fitted";
import { fitForms, forecastFrom, sizeOf } from "./autoEts";
import type { FittedForm } from "./fitForm";

/** What an ensemble takes of exponential smoothing. */
export interface EtsMembers {
  /** The best form whose trend is damped; the best of all where the series bears none. */
  damped: Fitted;
  /** All forms, by weights that fall with AICc. */
  weighted: Fitted;
  /** The season of the best form as it was said at each point; a neutral one where that form has none. */
  season: { multiplies: boolean; at(seen: number, step: number): number };
}

/** AICc that makes a weight smaller by e; 2 would be Akaike's own weights, which trust one form too much. */
const AICC_SCALE = 8;

export function etsMembers(values: Float64Array, period: number): EtsMembers {
  const size = sizeOf(values);
  const fits = fitForms(
    values.map((value) => value / size),
    period,
  );
  const finite = fits.filter(({ aicc }) => Number.isFinite(aicc));
  const forms = finite.length > 0 ? finite : fits.slice(0, 1);
  const best = bestOf(forms);
  const damped = bestOf(
    forms.filter(({ form }) => form.trend === "Ad"),
    best,
  );
  return {
    damped: scaled(damped, size),
    weighted: weightedForms(forms, best.aicc, size),
    season: seasonOfForm(best, size),
  };
}

function bestOf(forms: readonly FittedForm[], otherwise = forms[0]!): FittedForm {
  return forms.reduce((best, one) => (one.aicc < best.aicc ? one : best), forms[0] ?? otherwise);
}

function scaled(form: FittedForm, size: number): Fitted {
  return {
    label: `ETS(${form.form.error},${form.form.trend},${form.form.season})`,
    parameters: form.parameters,
    forecast: (seen, horizon) => forecastFrom(form, seen, horizon).map((value) => value * size),
  };
}

function weightedForms(forms: readonly FittedForm[], lowest: number, size: number): Fitted {
  const single = forms.length === 1;
  const raw = forms.map(({ aicc }) => (single ? 1 : Math.exp((lowest - aicc) / AICC_SCALE)));
  const sum = raw.reduce((total, weight) => total + weight, 0);
  // A form with less than a thousandth changes nothing that is seen, and costs as much as any other.
  const kept = forms.flatMap((form, index) => (raw[index]! > sum / 1000 ? [{ form, weight: raw[index]! }] : []));
  const whole = kept.reduce((total, { weight }) => total + weight, 0);
  return {
    label: `${kept.length} forms of exponential smoothing`,
    parameters: forms.reduce((most, { parameters }) => Math.max(most, parameters), 0),
    forecast(seen, horizon) {
      const mixed = new Float64Array(horizon);
      for (const { form, weight } of kept) {
        const one = forecastFrom(form, seen, horizon);
        for (let step = 0; step < horizon; step++) mixed[step]! += (one[step]! * weight * size) / whole;
      }
      return mixed;
    },
  };
}

function seasonOfForm({ form, period, states }: FittedForm, size: number): EtsMembers["season"] {
  const multiplies = form.season === "M";
  const unit = multiplies ? 1 : size;
  return { multiplies, at: (seen, step) => states.season[seen + (step % period)]! * unit };
}
