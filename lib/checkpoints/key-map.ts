/** From the names in this code to the names in a checkpoint. */

/**
 * The key that a parameter has in a checkpoint: timm's name, whose camelCased form is the path used here.
 *
 *     blocks.0.attn.qAct.zeroPoint -> blocks.0.attn.q_act.zero_point
 */
export function checkpointKey(path: string): string {
  return path.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
