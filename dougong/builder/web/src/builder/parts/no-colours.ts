/** In the place of d3-color, which d3 asks whether it moves a colour: what moves on the canvas are numbers only. */
export function color(_words: string): null {
  return null;
}

export { color as cubehelix, color as hcl, color as hsl, color as lab, color as rgb };
