import { byId, companionWords, follow, say, word } from "../ui/page.js";

word();
document.title = `${say("welcome_title")} – ${say("app_name")}`;
void follow({ message: "status", tab: null }, (answer) => {
  byId("off").hidden = answer.answer !== "off";
  if (answer.answer === "off") byId("off-why").textContent = say("off_why", answer.why);
  else byId("companion-is").textContent = companionWords(answer.status).text;
});
