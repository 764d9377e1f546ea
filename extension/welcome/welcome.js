import { drawAccess, offerAccess } from "../ui/access.js";
import { byId, companionWords, drawOff, follow, say, word } from "../ui/page.js";

word();
offerAccess();
void follow({ message: "status", tab: null }, (answer) => {
  const off = drawOff(answer);
  const title = say(off || !answer.status.access.sites ? "welcome_title_not_yet" : "welcome_title");
  byId("title").textContent = title;
  document.title = `${title} – ${say("app_name")}`;
  if (!off) {
    byId("companion-is").textContent = companionWords(answer.status).text;
    byId("companion-help").hidden = answer.status.companion.is === "well";
    drawAccess(answer.status);
    byId("private").hidden = answer.status.access.privateWindows;
  }
});
