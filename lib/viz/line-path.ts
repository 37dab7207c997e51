/** The path of a line through points in pixels, with a gap wherever there is none. */
export function linePath(points: readonly (readonly [x: number, y: number] | null)[]): string {
  return points
    .map((point, index) => {
      if (point === null) return '';
      const joined = index > 0 && points[index - 1] !== null;
      return `${joined ? 'L' : 'M'}${point[0].toFixed(1)},${point[1].toFixed(1)}`;
    })
    .join('');
}
