"""Values of the model as HTML, SVG and text. Pure: no widget, no file, no clock; everything from outside is escaped."""
