/** The map of contacts: Leaflet, from our own files, and the State's map (IGN), once the reader asked. */

const TILES =
  "https://data.geopf.fr/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&STYLE=normal&FORMAT=image/png" +
  "&LAYER=GEOGRAPHICALGRIDSYSTEMS.PLANIGNV2&TILEMATRIXSET=PM&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}";

/** Load Leaflet's stylesheet and script, named by the page (their addresses carry a fingerprint). */
async function loadLeaflet(box) {
  if (window.L) return window.L;
  const sheet = document.createElement("link");
  sheet.rel = "stylesheet";
  sheet.href = box.dataset.leafletCss;
  document.head.append(sheet);
  await import(box.dataset.leafletJs);
  return window.L;
}

/** The text of a point: a link when it has an address, made of nodes and never of HTML. */
function label(point) {
  const node = document.createElement(point.href ? "a" : "span");
  node.textContent = point.title;
  if (point.href) node.href = point.href;
  return node;
}

/**
 * Draw the points of the JSON block named by data-points.
 * @param {HTMLElement} box the element that carries data-map
 */
export async function showMap(box) {
  const points = JSON.parse(document.getElementById(box.dataset.points).textContent)
    .map((point) => ({ ...point, lat: Number(point.lat), lon: Number(point.lon) }))
    .filter((point) => Number.isFinite(point.lat) && Number.isFinite(point.lon));
  const L = await loadLeaflet(box);
  const canvas = document.createElement("div");
  canvas.className = "map-box__canvas";
  canvas.setAttribute("role", "region");
  canvas.setAttribute("aria-label", box.dataset.mapLabel || "");
  box.append(canvas);
  const map = L.map(canvas, { scrollWheelZoom: false, maxZoom: 18, zoomControl: false });
  const { zoomIn: zoomInTitle, zoomOut: zoomOutTitle, close } = box.dataset;
  L.control.zoom({ zoomInTitle, zoomOutTitle }).addTo(map);
  map.on("popupopen", ({ popup }) => {
    popup.getElement().querySelector(".leaflet-popup-close-button")?.setAttribute("aria-label", close);
  });
  map.attributionControl.setPrefix(false);
  L.tileLayer(TILES, { attribution: "© IGN – Géoplateforme", maxNativeZoom: 18 }).addTo(map);
  const icon = L.divIcon({ className: "map-dot", iconSize: [20, 20] });
  for (const point of points) {
    L.marker([point.lat, point.lon], { icon, title: point.title, alt: point.title }).bindPopup(label(point)).addTo(map);
  }
  if (points.length === 1) map.setView([points[0].lat, points[0].lon], 14);
  else if (points.length) map.fitBounds(L.latLngBounds(points.map((point) => [point.lat, point.lon])), { padding: [30, 30], maxZoom: 14 });
  else map.setView([46.6, 2.4], 5);
  canvas.focus();
}
