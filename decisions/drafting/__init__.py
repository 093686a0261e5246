"""Drafting: begin a paper, save a part of it, freeze a version, compare two versions."""
