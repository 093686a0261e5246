"""Where documents are kept, by digest: to write a file a second time is always right."""
