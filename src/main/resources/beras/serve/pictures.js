// Makes what people drop, choose, paste or photograph into a picture that the server takes.

import {size} from './common.js';

/** Of a picture of more pixels the server looks at every second or third alone, so that they are sent in vain. */
const MOST_PIXELS = 4_000_000;
/** A picture of so few pixels is sent without loss. */
const FEW_PIXELS = 1_000_000;
const QUALITY = 0.92;
/** By how much the sides of a picture that is still too large are multiplied, and the smallest scale tried. */
const SMALLER = 0.7;
const SMALLEST = 0.02;
/** How files begin: what they are called, where, and with what; those that the server reads come first. */
const BEGINNINGS = [['PNG', 1, 'PNG'], ['JPEG', 0, '\xff\xd8\xff'], ['BMP', 0, 'BM'], ['GIF', 0, 'GIF8'],
  ['HEIC', 4, 'ftyphe'], ['HEIC', 4, 'ftypmif'], ['AVIF', 4, 'ftypavi'], ['WebP', 8, 'WEBP'], ['TIFF', 0, 'II*'],
  ['TIFF', 0, 'MM']];
const READ = 4;

/** Why a file is not sent, in words for whoever dropped it. */
export class Unsent extends Error {}

/**
 * Makes a file into what is sent. A photograph of many pixels becomes smaller and upright; so does one of a format that the
 * browser knows and the server does not.
 *
 * @param file     any file
 * @param types    of pictures that the server takes
 * @param maxBody  the most bytes that it takes
 * @return the body, and the same picture to be drawn; no picture if the server alone may know what the file is
 */
export async function prepare(file, {types, maxBody}) {
  let bitmap;
  try {
    bitmap = await createImageBitmap(file, {imageOrientation: 'from-image'});
  } catch {
    await requireReadable(file, types, maxBody);
    return {body: file, picture: null};
  }
  let scale = Math.min(1, Math.sqrt(MOST_PIXELS / (bitmap.width * bitmap.height)));
  if (scale === 1 && types.includes(file.type) && file.size <= maxBody) {
    return {body: file, picture: bitmap};
  }
  for (; scale > SMALLEST; scale *= SMALLER) {
    const picture = scaled(bitmap, scale);
    const type = picture.width * picture.height > FEW_PIXELS ? 'image/jpeg' : 'image/png';
    const body = await new Promise(done => picture.toBlob(done, type, QUALITY));
    if (body.size <= maxBody) {
      bitmap.close();
      return {body, picture};
    }
  }
  throw new Unsent(`${file.name} is too large for this server, which takes ${size(maxBody)}`);
}

function scaled(bitmap, scale) {
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const context = canvas.getContext('2d');
  context.imageSmoothingQuality = 'high';
  if (canvas.width * canvas.height > FEW_PIXELS) { // a JPEG has no transparency, which counts as white
    context.fillStyle = '#ffffff';
    context.fillRect(0, 0, canvas.width, canvas.height);
  }
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/** Of a file that the browser cannot show. The server may read it, or say what is wrong with it, if it is of its formats. */
async function requireReadable(file, types, maxBody) {
  let start;
  try {
    start = String.fromCharCode(...new Uint8Array(await file.slice(0, 16).arrayBuffer()));
  } catch {
    throw new Unsent(`${file.name} cannot be read. If it is a folder, drop a picture that is in it`);
  }
  const found = BEGINNINGS.findIndex(([, at, text]) => start.startsWith(text, at));
  if (found < 0) {
    throw new Unsent(start === '' ? `${file.name} is empty` : `${file.name} is no picture. Choose a PNG, JPEG, BMP or GIF`);
  }
  if (found >= READ) {
    const kind = BEGINNINGS[found][0];
    throw new Unsent(`${file.name} is a ${kind} picture, which this browser cannot open. Convert it to JPEG or PNG`
        + (kind === 'HEIC' ? '; an iPhone takes JPEGs with Settings, Camera, Formats, Most Compatible' : ''));
  }
  if (file.size > maxBody || !types.includes(file.type)) {
    throw new Unsent(`${file.name} is broken or cut off. Get the file again`);
  }
}
