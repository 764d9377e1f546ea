import { adviceFacts, byId, follow, say, word } from "../ui/page.js";

word();
document.title = `${say("explain_title")} – ${say("app_name")}`;
void follow({ message: "status", tab: null }, (answer) => {
  if (answer.answer === "status") byId("advice").replaceChildren(...adviceFacts(answer.status.advice));
});
