import type { z } from "zod";
import type { Setting } from "./setting";
import { blobSettings } from "./settings/blobs";
import { brokerSettings } from "./settings/broker";
import { chainSettings } from "./settings/chain";
import { computeSettings } from "./settings/compute";
import { epistemixSettings } from "./settings/epistemix";
import { filecoinSettings } from "./settings/filecoin";
import { forecastingSettings } from "./settings/forecasting";
import { httpSettings } from "./settings/http";
import { jobsSettings } from "./settings/jobs";
import { logSettings } from "./settings/log";
import { marketSettings } from "./settings/market";
import { storageSettings } from "./settings/storage";

/** Every setting, in the order of `.env.example`: a file for each subject, and a line here for each file. */
export const settings = {
  ...httpSettings,
  ...storageSettings,
  ...blobSettings,
  ...computeSettings,
  ...logSettings,
  ...brokerSettings,
  ...marketSettings,
  ...chainSettings,
  ...filecoinSettings,
  ...forecastingSettings,
  ...jobsSettings,
  ...epistemixSettings,
};

export type SettingName = keyof typeof settings;

type Value<S extends Setting> = S extends { default: string } ? z.output<S["kind"]> : z.output<S["kind"]> | undefined;

/** The values in force; settings without a default may be undefined. */
export type Config = { readonly [Name in SettingName]: Value<(typeof settings)[Name]> };
