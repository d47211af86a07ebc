"""What browsers are told to refuse, and how often one network may ask for what is long to make."""

# Of the browser's powers the site uses one: where the visitor is, when they offer it.
MARA_PERMISSIONS_POLICY = (
    "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), display-capture=(), encrypted-media=(), "
    "geolocation=(self), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()"
)
# Files that are not shown in a page of ours: nothing in them may run, whatever they are.
MARA_FILE_POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"

_READ, _SENT = frozenset({"GET", "HEAD"}), frozenset({"POST"})
# Part of an address, methods, how many a minute for one network (a barracks has one address). The first that fits.
MARA_LIMITS = (
    (r"/(recherche|search)/suggestions/", _READ, 900),
    (r"^/communes/", _READ, 900),
    (r"/(recherche|search)/", _READ, 300),
    (r"/imprimer/livret/", _READ, 60),
    (r"/exports/|/ical/|\.vcf$", _READ, 90),
    (r"^/(?!admin/|compte/)", _SENT, 120),  # accounts have allauth's own limits; editors save as often as they like
)
