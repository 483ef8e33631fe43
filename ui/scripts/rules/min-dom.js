// min-dom for the diagram, with one change: style attributes in markup become properties. Our Content-Security-Policy refuses the
// attribute (no 'unsafe-inline'), but not what a script sets on an element, so that the drawing and its licence mark look as they should.
import { domify as made } from 'min-dom-itself';

export * from 'min-dom-itself';

export function domify(markup, document) {
  const element = made(typeof markup === 'string' ? markup.replace(/(\s)style="/g, '$1data-style="') : markup, document);
  const styled = [element, ...(element.querySelectorAll?.('[data-style]') ?? [])].filter((each) => each.dataset?.style !== undefined);
  for (const each of styled) {
    each.style.cssText = each.dataset.style;
    delete each.dataset.style;
  }
  return element;
}
