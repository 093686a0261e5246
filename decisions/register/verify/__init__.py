"""Checking a document that somebody hands in: is it ours, and is it as it was sealed?"""
