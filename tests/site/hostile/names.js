/**
 * Takes every name that a script could ask a document, a form or a window for: what a page calls
 * its elements stands in the place of what the browser gives. Runs in the page.
 *
 * @param {string} words What stands in the form.
 */
export function takeNames(words) {
  const all = [Document, HTMLFormElement, HTMLElement, Element, Node, EventTarget]
    .flatMap(({ prototype }) => Object.getOwnPropertyNames(prototype));
  const names = [...new Set([
    ...all, 'openOrClosedShadowRoot', 'pictureInPictureElement', 'activeViewTransition',
    'browser', 'chrome', 'documentPictureInPicture', 'Highlight',
    'DoorchainArmed', 'DoorchainBalance', 'DoorchainHere', 'DoorchainDom', 'DoorchainReader',
    'DoorchainSurface', 'DoorchainTyping',
  ])];
  const each = (/** @type {(name: string) => string} */ write) => names.map(write).join('');
  document.body.insertAdjacentHTML(
    'beforeend',
    `<form>${words}${each((name) => `<output name="${name}"></output>`)}</form>` +
      each((name) => `<img name="${name}" id="${name}" alt="">`),
  );
}
