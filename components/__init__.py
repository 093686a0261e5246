"""What every staff page is made of: forms in GOV.UK style, filters, the gallery."""
