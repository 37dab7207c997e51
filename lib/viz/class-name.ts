/** A class as people call it, by its index; `class 7` where it has no name. */
export function className(index: number, classNames: readonly string[]): string {
  return classNames[index] ?? `class ${index}`;
}
