"""The public room: frozen copies of Part 1 and the pages that show them."""
