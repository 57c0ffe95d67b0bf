/** How many histories a model tries: few in every run of the tests, many with MODEL_RUNS=2000. */
export const modelRuns = (usual: number): number => {
  const wanted = process.env['MODEL_RUNS']
  if (wanted === undefined) return usual
  if (!/^[1-9]\d{0,6}$/.test(wanted)) throw new Error(`Expected MODEL_RUNS to be a whole number, got ${wanted}`)
  return Number(wanted)
}
