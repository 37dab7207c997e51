/** For a number field: hands on what is a number inside the range; while it is being typed it may be a string, or outside. */
export function typedNumber(
  { min, max }: { readonly min: number; readonly max: number },
  onChange: (value: number) => void,
): (value: number | string) => void {
  return (value) => {
    if (typeof value === 'number' && value >= min && value <= max) onChange(value);
  };
}
