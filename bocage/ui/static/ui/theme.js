// Runs before the page is drawn, so that a chosen theme does not flash. In a frame of another site nothing may be kept.
try {
  const theme = localStorage.getItem("theme");
  if (theme) document.documentElement.dataset.theme = theme;
} catch { /* the system's choice holds */ }
