/** How long each stage of a forward takes, summed by name in the order of their first appearance. */
export class StageClock<Stage extends string = string> {
  private readonly times = new Map<Stage, number>();
  private lastMs: number;

  /** @param now milliseconds that never go back */
  constructor(private readonly now: () => number) {
    this.lastMs = now();
  }

  /** The stage has ended. */
  readonly mark = (stage: Stage): void => {
    const atMs = this.now();
    this.times.set(stage, (this.times.get(stage) ?? 0) + atMs - this.lastMs);
    this.lastMs = atMs;
  };

  get stages(): readonly { readonly stage: Stage; readonly ms: number }[] {
    return Array.from(this.times, ([stage, ms]) => ({ stage, ms }));
  }
}
