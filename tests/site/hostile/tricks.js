// What a page can try against a warning that stands in it. Each function runs in the page's
// own world, where its text is sent; so none may use anything from outside itself.

import { takeNames } from './names.js';

/**
 * @typedef {object} Trick
 * @property {string} name
 * @property {() => void} [early] Runs as the page's first script.
 * @property {() => void} [late] Runs when the warning is drawn.
 * @property {string} [html] The page's body instead of the plain one.
 * @property {Document} [document] A document that is no HTML page.
 * @property {Record<string, string>} [headers] Of the response.
 * @property {'cover' | 'banner'} [only] Where the trick makes sense for one of them alone.
 */

/** @typedef {{ type: string, body: string }} Document */

/** The most a page could know of how the warning is drawn: the colour that must not be seen. */
const PAINT = '#ff00ff';

/** @type {Trick[]} */
export const TRICKS = [
  { name: 'nothing at all' },

  // ---- the host element ----
  {
    name: 'remove every unknown element',
    late: () => {
      for (const element of [...document.documentElement.children])
        if (!['HEAD', 'BODY'].includes(element.tagName)) element.remove();
    },
  },
  {
    name: 'remove every unknown element, for ever',
    late: () => {
      setInterval(() => {
        for (const element of [...document.documentElement.children])
          if (!['HEAD', 'BODY'].includes(element.tagName)) element.remove();
      }, 50);
    },
  },
  {
    name: 'remove it whenever it comes back (MutationObserver war)',
    late: () => {
      const clear = () => {
        for (const element of [...document.documentElement.children])
          if (!['HEAD', 'BODY'].includes(element.tagName)) element.remove();
      };
      let left = 50;
      new MutationObserver(() => left-- > 0 && clear()).observe(document.documentElement, { childList: true });
      clear();
    },
  },
  {
    name: 'remove it whenever it comes back, for ever',
    late: () => {
      new MutationObserver(() => {
        setTimeout(() => {
          for (const element of [...document.documentElement.children])
            if (!['HEAD', 'BODY'].includes(element.tagName)) element.remove();
        }, 30);
      }).observe(document.documentElement, { childList: true });
      document.documentElement.append(document.createElement('i'));
    },
  },
  {
    name: 'move it into a hidden element',
    late: () => {
      const box = document.createElement('div');
      box.style.display = 'none';
      document.body.append(box);
      for (const element of [...document.documentElement.children])
        if (!['HEAD', 'BODY'].includes(element.tagName)) box.append(element);
    },
  },
  {
    name: 'move it into a document fragment',
    late: () => {
      const fragment = document.createDocumentFragment();
      for (const element of [...document.documentElement.children])
        if (!['HEAD', 'BODY'].includes(element.tagName)) fragment.append(element);
    },
  },
  {
    name: 'move it into another document',
    late: () => {
      const other = document.implementation.createHTMLDocument();
      for (const element of [...document.documentElement.children])
        if (!['HEAD', 'BODY'].includes(element.tagName)) other.body.append(element);
    },
  },
  {
    name: 'replace the document element with a copy',
    late: () => {
      const copy = document.createElement('html');
      copy.append(document.head.cloneNode(true), document.body.cloneNode(true));
      document.documentElement.replaceWith(copy);
    },
  },
  { name: 'empty the document element', late: () => document.documentElement.replaceChildren(document.createElement('body')) },
  { name: 'set innerHTML of the document element', late: () => { document.documentElement.innerHTML = '<body style="background:#f0f"><input id=field>'; } },
  { name: 'document.write', late: () => { document.write('<body style="background:#f0f"><input id=field>'); document.close(); } },
  { name: 'document.open', late: () => { document.open(); document.write('<title>x</title><body style="background:#f0f">'); document.close(); } },
  {
    name: 'hidden, inert, popover and style on every element',
    late: () => {
      for (const element of /** @type {HTMLElement[]} */ ([...document.documentElement.children])) {
        if (['HEAD', 'BODY'].includes(element.tagName)) continue;
        element.hidden = true;
        element.inert = true;
        element.setAttribute('popover', 'auto');
        element.setAttribute('style', 'display:none!important;opacity:0!important');
        element.setAttribute('class', 'x');
      }
    },
  },
  { name: 'inert on the document element', late: () => { document.documentElement.inert = true; } },
  { name: 'hidden on the document element', late: () => { document.documentElement.hidden = true; } },
  { name: 'attachShadow on the host', late: () => {
    for (const element of [...document.documentElement.children]) {
      try { element.attachShadow({ mode: 'open' }); } catch { /* it has one */ }
    }
  } },
  { name: 'a slot game: the document element with a shadow root of the page', late: () => { try { document.body.attachShadow({ mode: 'open' }).append('gone'); } catch { /* not here */ } } },

  // ---- style ----
  ...Object.entries({
    'display: none on everything': '*{display:none!important}',
    'visibility: hidden on everything': '*{visibility:hidden!important}',
    'opacity: 0 on everything': '*{opacity:0!important}',
    'all: unset on everything': '*{all:unset!important}',
    'transform on everything': '*{transform:translateX(-200vw) scale(.01)!important}',
    'translate, rotate and scale on everything': '*{translate:-200vw!important;rotate:180deg!important;scale:.01!important}',
    'clip-path on everything': '*{clip-path:inset(50%)!important}',
    'mask on everything': '*{mask:linear-gradient(transparent,transparent)!important}',
    'filter on everything': '*{filter:opacity(0) blur(50px)!important}',
    'content-visibility: hidden on everything': '*{content-visibility:hidden!important}',
    'contain: strict and no size on everything': '*{contain:strict!important;width:0!important;height:0!important;overflow:hidden!important}',
    'position and inset on everything': '*{position:absolute!important;inset:-9999px auto auto -9999px!important}',
    'pointer-events: none on everything': '*{pointer-events:none!important}',
    'zoom on everything': 'html{zoom:.05!important}',
    'zoom on every level': '*{zoom:.3!important}',
    'tiny and transparent letters': '*{font-size:0!important;color:transparent!important;line-height:0!important;letter-spacing:-9em!important}',
    'z-index flood': '*{position:relative!important;z-index:2147483647!important}',
    'mix-blend-mode on everything': '*{mix-blend-mode:difference!important}',
    'a transition that never ends': '*{transition:all 9999s!important;opacity:0}',
    'an animation on everything': '@keyframes x{from,to{opacity:0;transform:scale(0)}}*{animation:x 1s infinite!important}',
    'hidden in all layers': '@layer a{*{display:none!important;opacity:0!important}}@layer b{*{visibility:hidden!important}}',
    'writing mode and direction': '*{writing-mode:vertical-rl!important;direction:rtl!important;unicode-bidi:bidi-override!important}',
    'forced tokens': '*{--dc-paper:transparent!important;--dc-ink:transparent!important;--dc-stop:transparent!important}',
    'perspective and will-change': 'html{perspective:1px!important;will-change:transform!important;transform-style:preserve-3d!important}',
    'user-select and interactivity': '*{user-select:none!important;interactivity:inert!important;-webkit-user-modify:read-only!important}',
    'backdrop and dialog styles': 'dialog,::backdrop{display:none!important;opacity:0!important}[popover]{display:none!important}',
    'dark mode by inversion': 'html{filter:invert(1) hue-rotate(180deg)!important}',
    'print style for the screen': '@media screen,print{html>:not(head):not(body){display:none!important;position:fixed!important;left:-9999px!important}}',
  }).map(([name, style]) => /** @type {Trick} */ ({ name: `style: ${name}`, html: `<style>${style}</style><main>the page</main><input id="field">` })),
  {
    name: 'style: inline styles on the host, at each frame',
    late: () => {
      const hide = () => {
        for (const element of document.documentElement.children)
          if (!['HEAD', 'BODY'].includes(element.tagName)) element.setAttribute('style', 'all:unset!important;display:none!important');
        requestAnimationFrame(hide);
      };
      hide();
    },
  },
  {
    name: 'Web Animations on the host',
    late: () => {
      for (const element of document.documentElement.children)
        if (!['HEAD', 'BODY'].includes(element.tagName))
          element.animate([{ opacity: 0, transform: 'scale(0)', visibility: 'hidden' }], { duration: 1e9, fill: 'both' });
    },
  },
  { name: 'adopted stylesheets of the document', late: () => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('*{display:none!important;visibility:hidden!important}');
    document.adoptedStyleSheets = [sheet];
  } },

  // ---- things above ----
  { name: 'fixed element with the highest z-index', html: '<div style="position:fixed;inset:0;z-index:2147483647;background:#f0f">the page</div><input id="field">' },
  { name: 'modal dialog before', html: '<dialog id="d" style="inset:0;width:100vw;height:100vh;max-width:none;max-height:none;background:#f0f"><input id="field"></dialog><script>d.showModal()</script>' },
  { name: 'modal dialog after', html: '<dialog id="d" style="inset:0;width:100vw;height:100vh;max-width:none;max-height:none;background:#f0f"><input id="field"></dialog>', late: () => { /** @type {HTMLDialogElement} */ (document.querySelector('#d')).showModal(); } },
  { name: 'modal dialog again and again', html: '<dialog id="d" style="inset:0;width:100vw;height:100vh;max-width:none;max-height:none;background:#f0f"><input id="field"></dialog>', late: () => {
    const dialog = /** @type {HTMLDialogElement} */ (document.querySelector('#d'));
    let left = 8;
    const timer = setInterval(() => { if (left-- <= 0) clearInterval(timer); dialog.close(); dialog.showModal(); }, 60);
  } },
  { name: 'popover after', html: '<div id="p" popover="manual" style="inset:0;width:100vw;height:100vh;border:0;margin:0;background:#f0f">the page</div><input id="field">', late: () => { /** @type {HTMLElement} */ (document.querySelector('#p')).showPopover(); } },
  { name: 'popover that no pointer hits', html: '<div id="p" popover="manual" style="inset:0;width:100vw;height:100vh;border:0;margin:0;background:#f0f;pointer-events:none">the page</div><input id="field">', late: () => { /** @type {HTMLElement} */ (document.querySelector('#p')).showPopover(); } },
  { name: 'popover in a shadow root of the page', html: '<div id="h"></div><input id="field">', late: () => {
    const root = /** @type {HTMLElement} */ (document.querySelector('#h')).attachShadow({ mode: 'closed' });
    const over = document.createElement('div');
    over.popover = 'manual';
    over.style.cssText = 'inset:0;width:100vw;height:100vh;border:0;margin:0;background:#f0f';
    root.append(over);
    over.showPopover();
  } },
  { name: 'popover in a shadow root among many elements', only: 'cover', html: `<input id="field">${'<i></i>'.repeat(50_000)}<div id="h"></div>${'<i></i>'.repeat(50_000)}`, late: () => {
    const root = /** @type {HTMLElement} */ (document.querySelector('#h')).attachShadow({ mode: 'closed' });
    const over = document.createElement('div');
    over.popover = 'manual';
    over.style.cssText = 'inset:0;width:100vw;height:100vh;border:0;margin:0;background:#f0f;pointer-events:none';
    root.append(over);
    over.showPopover();
  } },
  { name: 'popover in a shadow root again and again', only: 'cover', html: '<div id="h"></div><input id="field">', late: async () => {
    const root = /** @type {HTMLElement} */ (document.querySelector('#h')).attachShadow({ mode: 'closed' });
    const over = document.createElement('div');
    over.popover = 'manual';
    over.style.cssText = 'inset:0;width:100vw;height:100vh;border:0;margin:0;background:#f0f;pointer-events:none';
    root.append(over);
    for (let left = 3; left > 0; left -= 1) {
      over.hidePopover();
      over.showPopover();
      await new Promise((rested) => setTimeout(rested, 1200));
    }
    over.hidePopover();
    over.showPopover();
  } },
  { name: 'popover in a shadow root that goes and comes back', only: 'cover', html: '<div id="h"></div><input id="field">', late: async () => {
    const root = /** @type {HTMLElement} */ (document.querySelector('#h')).attachShadow({ mode: 'closed' });
    root.addEventListener('toggle', (event) => event.stopImmediatePropagation(), true);
    const over = document.createElement('div');
    over.popover = 'manual';
    over.style.cssText = 'inset:0;width:100vw;height:100vh;border:0;margin:0;background:#f0f;pointer-events:none';
    root.append(over);
    for (let left = 4; left > 0; left -= 1) {
      over.togglePopover();
      await new Promise((rested) => setTimeout(rested, 1200));
    }
    over.togglePopover();
  } },
  { name: 'popover in a shadow root hidden and shown at once, of which nobody is told', only: 'cover', html: '<div id="h"></div><input id="field">', late: async () => {
    const root = /** @type {HTMLElement} */ (document.querySelector('#h')).attachShadow({ mode: 'closed' });
    root.addEventListener('toggle', (event) => event.stopImmediatePropagation(), true);
    const over = document.createElement('div');
    over.popover = 'manual';
    over.style.cssText = 'inset:0;width:100vw;height:100vh;border:0;margin:0;background:#f0f;pointer-events:none';
    root.append(over);
    over.showPopover();
    await new Promise((rested) => setTimeout(rested, 1200));
    over.hidePopover();
    over.showPopover();
  } },
  { name: 'shadow of a popover in a shadow root', html: '<div id="h"></div><input id="field">', late: () => {
    const root = /** @type {HTMLElement} */ (document.querySelector('#h')).attachShadow({ mode: 'closed' });
    const over = document.createElement('div');
    over.popover = 'manual';
    over.style.cssText = 'inset:0 auto auto 0;width:0;height:0;padding:0;border:0;margin:0;box-shadow:0 0 0 200vmax #f0f;pointer-events:none';
    root.append(over);
    over.showPopover();
  } },
  { name: 'modal dialog in a shadow root before', html: `<div id="h"></div><input id="field"><script>{
    const root = document.querySelector('#h').attachShadow({ mode: 'closed' });
    root.innerHTML = '<dialog style="inset:0;width:100vw;height:100vh;max-width:none;max-height:none;background:#f0f"><input></dialog>';
    root.firstChild.showModal();
    window.deafens = true;
  }</script>` },
  { name: 'modal dialog in a shadow root after', html: '<div id="h"></div><input id="field">', late: () => {
    const root = /** @type {HTMLElement} */ (document.querySelector('#h')).attachShadow({ mode: 'closed' });
    root.innerHTML = '<dialog style="inset:0;width:100vw;height:100vh;max-width:none;max-height:none;background:#f0f"><input></dialog>';
    /** @type {HTMLDialogElement} */ (root.firstChild).showModal();
    Object.assign(window, { deafens: true });
  } },
  { name: 'view transition without an end', html: '<style>::view-transition{pointer-events:none}::view-transition-group(root){animation-duration:1e6s}::view-transition-old(root){animation:none;opacity:1;mix-blend-mode:normal}::view-transition-new(root){animation:none;opacity:0;mix-blend-mode:normal}::view-transition-image-pair(root){animation:keep 1e6s linear}@keyframes keep{from{left:0}to{left:1px}}</style><main>the page</main><input id="field">', early: () => {
    const start = /** @type {any} */ (document).startViewTransition;
    if (start) setTimeout(() => start.call(document, () => {}));
  } },
  { name: 'full screen of one element on a trusted press', html: '<div id="x" style="background:#f0f">the page</div><input id="field">', early: () => { addEventListener('keydown', () => void document.querySelector('#x')?.requestFullscreen(), true); } },
  { name: 'full screen on a trusted press', only: 'cover', early: () => { addEventListener('keydown', () => void document.documentElement.requestFullscreen(), true); } },
  { name: 'view transition', late: () => {
    const start = /** @type {any} */ (document).startViewTransition;
    if (start) start.call(document, () => { document.body.append('changed'); });
  } },
  { name: 'pointer lock', late: () => { try { void document.documentElement.requestPointerLock(); } catch { /* refused */ } } },
  { name: 'frames over and under', html: '<iframe srcdoc="<body style=background:#f0f><input autofocus>" style="position:fixed;inset:0;width:100%;height:100%;z-index:2147483647"></iframe><input id="field">' },
  { name: 'sandboxed frame', html: '<iframe sandbox="allow-scripts" srcdoc="<body style=background:#f0f><script>setInterval(()=>focus(),50)</script>" style="position:fixed;inset:0;width:100%;height:100%"></iframe><input id="field">' },
  { name: 'blob: and about:blank children', late: () => {
    for (const src of ['about:blank', URL.createObjectURL(new Blob(['<body style="background:#f0f"><input autofocus>'], { type: 'text/html' }))]) {
      const frame = document.createElement('iframe');
      frame.src = src;
      frame.style.cssText = 'position:fixed;inset:0;width:100%;height:100%;z-index:2147483647;background:#f0f';
      document.body.append(frame);
    }
  } },

  // ---- input ----
  { name: 'every event stopped at the window', early: () => {
    for (const type of ['keydown', 'keyup', 'keypress', 'pointerdown', 'pointerup', 'mousedown', 'mouseup', 'click'])
      addEventListener(type, (event) => { event.stopImmediatePropagation(); event.preventDefault(); }, true);
  } },
  { name: 'synthetic clicks on every element', late: () => {
    for (const element of document.querySelectorAll('*')) {
      /** @type {HTMLElement} */ (element).click?.();
      element.dispatchEvent(new MouseEvent('click', { bubbles: true, composed: true, detail: 1, clientX: innerWidth / 2, clientY: innerHeight / 2 }));
    }
  } },
  { name: 'synthetic clicks at every point', late: () => {
    for (let x = 0; x < innerWidth; x += 20)
      for (let y = 0; y < innerHeight; y += 20)
        document.elementFromPoint(x, y)?.dispatchEvent(new MouseEvent('click', { bubbles: true, composed: true, detail: 1, clientX: x, clientY: y }));
  } },
  { name: 'synthetic Enter and Escape', late: () => {
    for (const key of ['Enter', ' ', 'Escape'])
      for (const type of ['keydown', 'keyup'])
        for (const target of [window, document, document.documentElement, ...document.documentElement.children])
          target.dispatchEvent(new KeyboardEvent(type, { key, bubbles: true, composed: true, cancelable: true }));
  } },
  { name: 'focus stolen by a timer', only: 'cover', late: () => { setInterval(() => /** @type {HTMLElement} */ (document.querySelector('#field')).focus(), 30); } },
  { name: 'focus stolen by blur()', only: 'cover', late: () => { setInterval(() => { /** @type {HTMLElement} */ (document.activeElement)?.blur?.(); document.body.focus(); }, 500); } },
  { name: 'autofocus field', html: '<input id="field" autofocus>' },
  { name: 'design mode', late: () => { document.designMode = 'on'; document.body.contentEditable = 'true'; } },
  { name: 'selection of everything', late: () => { getSelection()?.selectAllChildren(document.documentElement); } },
  { name: 'access keys', html: '<button accesskey="l" id="field" onclick="document.title=\'pressed\'">x</button>' },
  { name: 'beforeunload', early: () => { addEventListener('beforeunload', (event) => { event.preventDefault(); event.returnValue = 'stay'; }); } },

  // ---- scripts ----
  { name: 'prototypes tampered with', early: () => {
    const no = () => { throw new Error('no'); };
    for (const [object, names] of /** @type {[any, string[]][]} */ ([
      [Element.prototype, ['attachShadow', 'append', 'remove', 'setAttribute', 'removeAttribute', 'getBoundingClientRect', 'matches', 'querySelector', 'replaceChildren']],
      [Node.prototype, ['appendChild', 'insertBefore']],
      [Document.prototype, ['createElement', 'createElementNS', 'elementFromPoint', 'elementsFromPoint']],
      [HTMLDialogElement.prototype, ['showModal', 'close']],
      [HTMLElement.prototype, ['showPopover', 'focus']],
      [EventTarget.prototype, ['addEventListener']],
      [CSSStyleSheet.prototype, ['replaceSync']],
      [Date, ['now']],
      [JSON, ['stringify']],
    ])) for (const name of names) object[name] = no;
    /** @type {any} */ (window).MutationObserver = no;
    /** @type {any} */ (window).setTimeout = /** @type {any} */ (window).setInterval = no;
  } },
  { name: 'every name taken by an element', html: `<main>the page</main><input id="field"><script>(${takeNames})('')</script>` },
  { name: 'every name taken by an element, later', html: `<main>the page</main><input id="field"><script>addEventListener('take', () => (${takeNames})(''))</script>`, late: () => { dispatchEvent(new Event('take')); } },
  { name: 'every name taken in a form that is the document element', only: 'cover', html: `<script>addEventListener('take', () => (${takeNames})('<input id="field">'))</script>`, late: () => {
    dispatchEvent(new Event('take'));
    const form = /** @type {Element} */ (Document.prototype.querySelector.call(document, 'form'));
    const root = /** @type {Element} */ (Document.prototype.querySelector.call(document, 'html'));
    Element.prototype.replaceWith.call(root, form);
  } },
  { name: 'globals named like ours', early: () => { Object.assign(window, { DoorchainSurface: { show() {}, wait() {} }, chrome: {}, browser: {} }); } },
  { name: 'forged messages', late: () => {
    for (const message of [{ order: 'show', view: { view: 'nothing' }, style: '' }, { message: 'pressed', press: 'goOn' }, { view: 'nothing' }]) {
      postMessage(message, '*');
      for (const type of ['message', 'doorchain', 'show', 'toggle', 'close', 'cancel']) {
        window.dispatchEvent(new CustomEvent(type, { detail: message }));
        document.dispatchEvent(new CustomEvent(type, { detail: message }));
        for (const element of document.documentElement.children) element.dispatchEvent(new CustomEvent(type, { detail: message, bubbles: true }));
      }
    }
  } },
  { name: 'forged full-screen and toggle events, a flood', late: () => {
    let left = 200;
    const timer = setInterval(() => {
      if (left-- <= 0) clearInterval(timer);
      for (const type of ['toggle', 'fullscreenchange', 'scroll', 'resize', 'focusin']) document.dispatchEvent(new Event(type, { bubbles: true }));
    }, 5);
  } },
  { name: 'routes within the page', late: () => { for (let i = 0; i < 20; i += 1) history.pushState({}, '', `?${location.search.slice(1).split('&r=')[0]}&r=${i}`); history.back(); } },
  { name: 'hash navigation', late: () => { for (let i = 0; i < 20; i += 1) location.hash = `#${i}`; } },
  { name: 'a flood of alerts', late: () => { let left = 5; setInterval(() => left-- > 0 && alert('Your computer is locked'), 50); } },
  { name: 'popovers again and again', html: '<div id="p" popover="auto" style="inset:0;width:100vw;height:100vh;border:0;margin:0;background:#f0f">the page</div><input id="field">', late: () => {
    const over = /** @type {HTMLElement} */ (document.querySelector('#p'));
    let left = 8;
    const timer = setInterval(() => { if (left-- <= 0) clearInterval(timer); over.hidePopover(); over.showPopover(); }, 60);
  } },
  { name: 'popover shown anew in every frame', html: '<div id="p" popover="manual" style="inset:0;width:100vw;height:100vh;border:0;margin:0;background:#f0f;pointer-events:none">the page</div><input id="field">', late: () => {
    const over = /** @type {HTMLElement} */ (document.querySelector('#p'));
    const again = () => { over.hidePopover(); over.showPopover(); requestAnimationFrame(again); };
    again();
  } },
  { name: 'modal dialog shown anew in every frame', only: 'cover', html: '<dialog id="d" style="inset:0;width:100vw;height:100vh;max-width:none;max-height:none;background:#f0f"><input id="field"></dialog>', late: () => {
    const dialog = /** @type {HTMLDialogElement} */ (document.querySelector('#d'));
    const again = () => { dialog.close(); dialog.showModal(); requestAnimationFrame(again); };
    again();
  } },
  { name: 'popover in a shadow root shown anew in every frame', only: 'cover', html: '<div id="h"></div><input id="field">', late: () => {
    const root = /** @type {HTMLElement} */ (document.querySelector('#h')).attachShadow({ mode: 'closed' });
    const over = document.createElement('div');
    over.popover = 'manual';
    over.style.cssText = 'inset:0;width:100vw;height:100vh;border:0;margin:0;background:#f0f;pointer-events:none';
    root.append(over);
    const again = () => { over.hidePopover(); over.showPopover(); requestAnimationFrame(again); };
    again();
  } },
  { name: 'document.open, and every event stopped at the window', late: () => {
    document.open();
    document.write('<body style="background:#f0f"><input id="field">');
    document.close();
    const heard = /** @type {string[]} */ ([]);
    Object.assign(window, { heard });
    for (const type of ['keydown', 'keyup', 'keypress', 'pointerdown', 'pointerup', 'mousedown', 'mouseup', 'click'])
      addEventListener(type, (event) => {
        if (type === 'keydown') heard.push(type);
        event.stopImmediatePropagation();
        event.preventDefault();
      }, true);
  } },
  { name: 'video that plays itself', html: '<video id="v" muted loop style="position:fixed;inset:0;z-index:9"></video><input id="field">', late: () => { setInterval(() => void /** @type {HTMLVideoElement} */ (document.querySelector('#v')).play().catch(() => {}), 50); } },
  { name: 'a click swallowed by the press itself', early: () => { for (const type of ['pointerdown', 'mousedown', 'keydown']) window.addEventListener(type, () => { document.body.style.zoom = '0.5'; document.documentElement.dir = 'rtl'; }, true); } },
  { name: 'a long task', late: () => { const end = performance.now() + 1500; while (performance.now() < end); } },
  { name: 'a huge document', late: () => {
    const part = document.createDocumentFragment();
    for (let i = 0; i < 50_000; i += 1) part.append(document.createElement('p'));
    document.body.append(part);
  } },
  { name: 'page translation', late: () => {
    document.documentElement.classList.add('translated-ltr');
    const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) node.textContent = 'xx';
  } },
  { name: 'scrolling on and on', html: '<main style="height:5000px">the page</main><input id="field">', late: () => { setInterval(() => scrollBy(0, 400), 20); } },
  { name: 'print', only: 'cover', late: () => { dispatchEvent(new Event('beforeprint')); dispatchEvent(new Event('afterprint')); } },
  { name: 'title and icon in a loop', late: () => { setInterval(() => { document.title = String(Math.random()); }, 10); } },

  // ---- policies ----
  { name: 'Content-Security-Policy: default-src none', headers: { 'content-security-policy': "default-src 'none'" } },
  { name: 'Content-Security-Policy: sandbox', headers: { 'content-security-policy': 'sandbox allow-scripts' } },
  { name: 'Trusted Types', headers: { 'content-security-policy': "require-trusted-types-for 'script'; trusted-types 'none'" } },
  { name: 'Permissions-Policy that forbids all', headers: { 'permissions-policy': 'fullscreen=(), autoplay=()' } },
  { name: 'isolated origin', headers: { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' } },

  // ---- documents that are no HTML pages ----
  { name: 'XHTML', document: { type: 'application/xhtml+xml', body: `<html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head><body style="background:${PAINT}"><input id="field"/></body></html>` } },
  { name: 'SVG', document: { type: 'image/svg+xml', body: `<svg xmlns="http://www.w3.org/2000/svg" width="100%" height="100%"><rect width="5000" height="5000" fill="${PAINT}"/></svg>` } },
  { name: 'XML', document: { type: 'text/xml', body: '<note><to>you</to></note>' } },
  { name: 'PDF', only: 'cover', document: { type: 'application/pdf', body: '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj 3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]>>endobj trailer<</Root 1 0 R>>' } },
  { name: 'plain text', document: { type: 'text/plain', body: 'text' } },
  { name: 'JSON', only: 'cover', document: { type: 'application/json', body: '{"a":1}' } },
  { name: 'an image', document: { type: 'image/svg+xml', body: `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><circle r="500" fill="${PAINT}"/></svg>` } },
  { name: 'a frameset', document: { type: 'text/html', body: '<html><frameset cols="50%,50%"><frame src="about:blank"><frame src="about:blank"></frameset></html>' } },
  { name: 'quirks mode', document: { type: 'text/html', body: `<body bgcolor="${PAINT}"><input id=field>` } },
];
