/** Longest forecast, days from the current date: ten years of 365 days. */
export const MAX_FORECAST_DAYS = 3650;
/** Longest life of a sector. Beyond the horizon it makes no difference; the limit keeps the arithmetic exact. */
export const MAX_SECTOR_DAYS = 36_500;

/** What a scenario takes that says nothing else. */
export const DEFAULT_SECTOR_DAYS = 540;
export const DEFAULT_LOCK_TARGET = 0.3;
/** Quality of power that holds verified deals. */
export const FIL_PLUS_MULTIPLIER = 10;
