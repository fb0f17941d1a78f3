// Search without minding marks: "hoang mai" finds "Hoàng Mai", "dinh" finds "Định", "Hoà" finds "Hòa".

/** The text in small letters without any mark. */
export function fold(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLowerCase().replace(/\s+/g, " ").trim();
}
