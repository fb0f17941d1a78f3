// Everything here only makes pages quicker: each of them works without script. No framework, nothing from outside.
import { startAutosave } from "./js/autosave.js";
import { startQuestions } from "./js/ask.js";
import { startDeadlines } from "./js/deadline.js";
import { startFilters } from "./js/filter.js";
import { startLeaving } from "./js/leave.js";
import { startPickers } from "./js/pickers.js";
import { startRows } from "./js/rows.js";
import { startSmall } from "./js/small.js";
import { startUploads } from "./js/upload.js";

document.documentElement.classList.add("js");
startSmall();
startQuestions();
startFilters();
startDeadlines();
startAutosave();
startRows();
startUploads();
startPickers();
startLeaving();
