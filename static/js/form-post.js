// Presses the button of a page that only passes its form on (OAuth 2.0 Form Post Response Mode).
document.getElementById("form-post")?.requestSubmit();
