/* global DoorchainSurface */
// Registered for the banks alone, and only while somebody may be in the computer. The
// order of this file and of the others is the browser's choice: main.js looks for the
// mark, and where it ran already the cover is drawn from here.
/** @type {{ DoorchainArmed?: boolean }} */ (globalThis).DoorchainArmed = true;
if (typeof DoorchainSurface !== "undefined") DoorchainSurface.wait();
