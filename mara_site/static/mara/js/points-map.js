/** The map of contacts: Leaflet, from our own files, and the State's map (IGN), once the reader asked. */

const TILES =
  "https://data.geopf.fr/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&STYLE=normal&FORMAT=image/png" +
  "&LAYER=GEOGRAPHICALGRIDSYSTEMS.PLANIGNV2&TILEMATRIXSET=PM&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}";

/** Load a classic script, named by the page (its address carries a fingerprint). */
function loadScript(src) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = src;
    script.addEventListener("load", resolve);
    script.addEventListener("error", () => reject(new Error(`cannot load ${src}`)));
    document.head.append(script);
  });
}

/** Load Leaflet and the script that gathers near points. */
async function loadLeaflet(box) {
  if (!window.L) {
    const sheet = document.createElement("link");
    sheet.rel = "stylesheet";
    sheet.href = box.dataset.leafletCss;
    document.head.append(sheet);
    await loadScript(box.dataset.leafletJs);
  }
  if (!window.L.markerClusterGroup) await loadScript(box.dataset.clusterJs);
  return window.L;
}

/** The text of a point, made of nodes and never of HTML. */
function label(point, box) {
  const node = document.createElement("div");
  const link = document.createElement("a");
  link.textContent = point.title;
  link.href = point.href;
  node.append(link);
  if (point.approximate) {
    const note = document.createElement("p");
    note.className = "map-note";
    note.textContent = box.dataset.approximate || "";
    node.append(note);
  }
  return node;
}

/** Fetch the points of the list that is shown: its own filters, all its pages. */
async function fetchPoints(box) {
  const response = await fetch(box.dataset.points, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`points: ${response.status}`);
  const { points } = await response.json();
  const base = new URL(box.dataset.base, location.href);
  return points
    .map(([lat, lon, title, href, approximate]) => ({ lat, lon, title, href: new URL(href, base).href, approximate }))
    .filter((point) => Number.isFinite(point.lat) && Number.isFinite(point.lon));
}

/** The round mark of several points, with how many they are. */
function clusterIcon(L, cluster, box) {
  const mark = document.createElement("span");
  const count = cluster.getChildCount();
  mark.textContent = count;
  const words = document.createElement("span");
  words.className = "visually-hidden";
  words.textContent = ` ${box.dataset.cluster || ""}`;
  mark.append(words);
  const size = count < 10 ? 34 : count < 100 ? 42 : 50;
  return L.divIcon({ html: mark, className: "map-cluster", iconSize: [size, size] });
}

/**
 * Draw the points of the list, gathered where they are near.
 * @param {HTMLElement} box the element that carries data-map
 */
export async function showMap(box) {
  const [L, points] = await Promise.all([loadLeaflet(box), fetchPoints(box)]);
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
  const group = L.markerClusterGroup({
    animate: false,
    chunkedLoading: true,
    maxClusterRadius: 50,
    showCoverageOnHover: false,
    spiderLegPolylineOptions: { weight: 1.5, color: "#1b2233", opacity: 0.6 },
    iconCreateFunction: (cluster) => clusterIcon(L, cluster, box),
  });
  const markers = points.map((point) =>
    L.marker([point.lat, point.lon], { icon, title: point.title, alt: point.title }).bindPopup(() => label(point, box)),
  );
  const { lat, lon } = box.dataset;
  if (lat && lon) map.setView([Number(lat.replace(",", ".")), Number(lon.replace(",", "."))], 11);
  else if (points.length === 1) map.setView([points[0].lat, points[0].lon], 14);
  else if (points.length)
    map.fitBounds(L.latLngBounds(points.map((point) => [point.lat, point.lon])), { padding: [30, 30], maxZoom: 14 });
  else map.setView([46.6, 2.4], 5);
  group.addLayers(markers);
  map.addLayer(group);
  canvas.focus();
}
