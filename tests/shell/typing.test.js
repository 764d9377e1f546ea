// Which fields the watcher of typing reads. The script is a page's, so a document is played for it.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { runInNewContext } from 'node:vm';

const SCRIPT = ['dom', 'typing']
  .map((name) => readFileSync(new URL(`../../extension/content/${name}.js`, import.meta.url), 'utf8'))
  .join('');

/** @typedef {{ type?: string, name?: string, id?: string, placeholder?: string, label?: string, autocomplete?: string, multiline?: boolean, password?: 'shown' | 'hidden' }} Field */

/**
 * A field into which somebody has just typed a text.
 *
 * @param {Field} field
 * @param {string} text
 */
function write(field, text) {
  class Label {
    #text;
    /** @param {string} text */
    constructor(text) {
      this.#text = text;
    }
    get textContent() {
      return this.#text;
    }
  }
  class Element {
    constructor() {
      const { type = 'text', name = '', id = '', placeholder = '', label } = field;
      Object.assign(this, { type, name, id, placeholder, inputMode: '', pattern: '', maxLength: -1, form: null });
      Object.assign(this, { value: text, selectionEnd: text.length, labels: label ? [new Label(label)] : [] });
    }
    querySelectorAll() {
      return field.password ? [{ form: null, checkVisibility: () => field.password === 'shown' }] : [];
    }
    getRootNode() {
      return new Element();
    }
    /** @param {string} name */
    getAttribute(name) {
      return name === 'autocomplete' ? (field.autocomplete ?? null) : null;
    }
  }
  class HTMLElement extends Element {}
  class HTMLInputElement extends HTMLElement {}
  class HTMLTextAreaElement extends HTMLElement {}
  /** @type {Record<string, (event: object) => void>} */
  const heard = {};
  /** @type {string[]} */
  const typed = [];
  /** What waits. @type {Set<() => void>} */
  const timers = new Set();
  runInNewContext(`${SCRIPT};DoorchainTyping.watch(typed).listen();`, {
    Element, HTMLElement, HTMLInputElement, HTMLTextAreaElement, Document: class {}, DocumentFragment: class {},
    Node: {}, NodeFilter: {}, document: {},
    getComputedStyle: () => ({ getPropertyValue: () => 'none' }),
    window: { addEventListener: (/** @type {string} */ type, /** @type {(event: object) => void} */ on) => { heard[type] = on; } },
    setTimeout: (/** @type {() => void} */ work) => {
      timers.add(work);
      return work;
    },
    clearTimeout: (/** @type {() => void} */ work) => timers.delete(work),
    typed: (/** @type {string} */ text) => { typed.push(text); },
  });
  const target = field.multiline ? new HTMLTextAreaElement() : new HTMLInputElement();
  /** @param {string} type @param {object} [event] */
  const happens = (type, event = {}) => heard[type]({ isTrusted: true, composedPath: () => [target], ...event });
  happens('input');
  return {
    typed,
    happens,
    rest() {
      for (const work of timers) work();
    },
  };
}

/**
 * What is handed on of a text that somebody types into a field; none where it is not read.
 *
 * @param {Field} field
 * @param {string} [text]
 * @returns {string | undefined}
 */
function read(field, text = 'he says install it') {
  const { typed, rest } = write(field, text);
  rest();
  return typed[0];
}

const SECRET = `
  password passwd user_pass pwd pin loginPin otp smsTan pushtan mfa-token
  code smscode smsCode authcode auth_code login-code verificationCode verify_code confirmcode security-code
  creditcard credit_card cardNumber card-no ccnum cvv iban accountNumber
  Passwort Kennwort Kontonummer Kartennummer Kreditkartennummer Prüfziffer Sicherheitscode Bestätigungscode SMS-Code Einmalcode TAN
  Wachtwoord Rekeningnummer Pasnummer Pincode Beveiligingscode
  mdp motdepasse contraseña clave codigo senha cartao hasło haslo kod
  パスワード 暗証番号 ワンタイムパスワード カード番号 口座番号 確認コード コード पासवर्ड ओटीपी कोड`
  .trim().split(/\s+/)
  .concat(
    'Enter the 6-digit code', 'Code from your phone', 'One-time code', 'Card details', 'Account no.',
    'Mot de passe', 'Code secret', 'Code reçu par SMS', 'Numéro de carte', 'N° de compte', 'Carte bancaire',
    'Código de verificación', 'Número de tarjeta', 'Número de cuenta', 'Palavra-passe', 'Número do cartão', 'Código recebido',
    'Codice di sicurezza', 'Numero della carta', 'Numero di conto', 'Carta di credito', 'Kod SMS', 'Numer karty', 'Nr rachunku',
    'Code eingeben', 'Vul de code in', '6桁のコードを入力', 'कार्ड नंबर', 'खाता संख्या',
  );

const OPEN = `
  q search message subject name street city email comment company username shipping_address compass spinner
  postcode post_code postCode zipcode zip_code zipCode countryCode country-code promo_code promoCode dialCode areaCode
  couponCode barcode qrCode encode decoder languageCode Postleitzahl Gutscheincode Ländercode kortingscode`
  .trim().split(/\s+/)
  .concat(
    'Zip code', 'Postal code', 'Promo code', 'Country code', 'Discount code', 'Source code', 'Code review',
    'Code postal', 'Code promo', 'Code de réduction', 'Código postal', 'Código de descuento', 'Código do produto', 'Codice fiscale',
    'Codice sconto', 'Codice postale', 'Kod pocztowy', 'Kod rabatowy', 'Palabra clave', 'देश कोड', '郵便番号', 'クーポンコード',
    'Write a message', 'Was suchen Sie?', 'Rechercher',
  );

describe('what is typed', () => {
  for (const of of /** @type {const} */ (['name', 'id', 'placeholder', 'label'])) {
    it(`is not read in fields whose ${of} says that they are secret`, () => {
      assert.deepEqual(SECRET.filter((name) => read({ [of]: name }) !== undefined), []);
    });

    it(`is read in fields whose ${of} says something else`, () => {
      assert.deepEqual(OPEN.filter((name) => read({ [of]: name }) === undefined), []);
    });
  }

  it('is not read where the type or `autocomplete` says so', () => {
    assert.equal(read({ type: 'password' }), undefined);
    assert.equal(read({ autocomplete: 'one-time-code' }), undefined);
    assert.equal(read({ autocomplete: 'section-pay cc-number' }), undefined);
  });

  it('is read where a code is a program’s or looked for', () => {
    assert.equal(read({ name: 'code', multiline: true }), 'he says install it');
    assert.equal(read({ placeholder: 'Search by code', type: 'search' }), 'he says install it');
    assert.equal(read({ label: 'Message (never your password)', multiline: true }), 'he says install it');
    assert.equal(read({ name: 'password', multiline: true }), undefined);
  });

  it('is not read beside a password of no form that is shown', () => {
    assert.equal(read({ password: 'shown' }), undefined);
    assert.equal(read({ password: 'hidden' }), 'he says install it');
  });

  for (const [type, event] of /** @type {[string, object][]} */ ([['keydown', { key: 'Enter' }], ['submit', {}], ['focusout', {}], ['pointerdown', {}]])) {
    it(`is handed on at once, and once, when it is sent by ${type}`, () => {
      const { typed, happens, rest } = write({}, 'he says install it');
      assert.deepEqual(typed, []);
      happens(type, { ...event, isTrusted: false });
      assert.deepEqual(typed, [], 'a page says so');
      happens(type, event);
      assert.deepEqual(typed, ['he says install it']);
      rest();
      assert.deepEqual(typed, ['he says install it']);
    });
  }

  it('waits while other keys are pressed', () => {
    const { typed, happens } = write({}, 'he says install it');
    happens('keydown', { key: 'a' });
    assert.deepEqual(typed, []);
  });

  it('is handed on without numbers as long as a card’s', () => {
    assert.equal(read({}, 'my card is 4929 1234 5678 9012, 39 pounds'), 'my card is 0000 0000 0000 0000, 39 pounds');
  });
});
