"""Forms: for each task a model (traitlets, no widgets) and its thin view (ipywidgets); and what every form stands in.

`model` has the base of all form models, `guard` runs what a button asks for, `view` and `fields` draw, `parts` are the
small widgets that ipywidgets lacks. A form is handed the objects that it calls: see `ports`.
"""
