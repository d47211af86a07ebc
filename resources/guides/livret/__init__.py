"""The livret: one or several guides as a place shows them, to print, to read on a screen, to fold as a booklet."""
