/** The seed of a job that names none: the same in each of its attempts, and told with its result. */
export function seedOf(jobId: string): number {
  return Number(Bun.hash.crc32(jobId));
}
