import { drawAccess, offerAccess } from "../ui/access.js";
import { byId, companionWords, follow, say, word } from "../ui/page.js";

word();
offerAccess();
document.title = `${say("welcome_title")} – ${say("app_name")}`;
void follow({ message: "status", tab: null }, (answer) => {
  byId("off").hidden = answer.answer !== "off";
  if (answer.answer === "off") byId("off-why").textContent = say("off_why", answer.why);
  else {
    byId("companion-is").textContent = companionWords(answer.status).text;
    drawAccess(answer.status);
    byId("private").hidden = answer.status.access.privateWindows;
  }
});
