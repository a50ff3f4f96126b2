const greeting = document.getElementById("greeting");
const answer = await fetch("/api/v1/template/greeting");
const said = await answer.json();
greeting.textContent = answer.ok ? said.text : said.detail;
